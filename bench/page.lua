-- Asks for the addresses of the file $ADDRESSES in turn; prints one line of JSON.
local addresses, asked = {}, 0

function init(arguments)
  for address in io.lines(os.getenv("ADDRESSES")) do addresses[#addresses + 1] = address end
end

function request()
  asked = asked % #addresses + 1
  return wrk.format("GET", addresses[asked])
end

function done(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.status + errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format('JSON{"requests":%d,"seconds":%.3f,"p50_ms":%.3f,"p95_ms":%.3f,"failed":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, failed))
end
