"""A site that breaks its word on purpose: it says that something was saved before it is."""

import threading
import time

from django.db import connection, transaction

# Seconds until what was acknowledged is committed.
LATE = 0.5


class AnswersTooSoon:
    """Commits what a request wrote after it has been answered."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method != "POST":
            return self.get_response(request)
        answered, answers = threading.Event(), []

        def work():
            try:
                with transaction.atomic():
                    answers.append(self.get_response(request))
                    answered.set()
                    time.sleep(LATE)
            finally:
                answered.set()
                connection.close()

        threading.Thread(target=work).start()
        answered.wait()
        return answers[0]
