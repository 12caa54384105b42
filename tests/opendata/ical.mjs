// Reads calendars with ical.js, many at once: an array of texts comes in, for each of them its components go out.
import { readFileSync } from "node:fs";

const { default: ICAL } = await import(process.argv[2]);
ICAL.design.strict = true;

const said = (component) => {
  const values = {};
  for (const property of component.getAllProperties()) {
    const [value] = property.getValues().map(String);
    // The one that comes more than once.
    if (property.name === "categories") (values.categories ??= []).push(value);
    else values[property.name] = value;
  }
  if (component.name === "vevent") {
    const event = new ICAL.Event(component);
    values.days = event.startDate.isDate ? event.duration.toSeconds() / 86400 : null;
  }
  return { component: component.name, ...values };
};

const read = (text) => new ICAL.Component(ICAL.parse(text)).getAllSubcomponents().map(said);
process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(read)));
