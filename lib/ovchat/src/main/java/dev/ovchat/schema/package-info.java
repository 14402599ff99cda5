/**
 * JSON schemas of Java records, and JSON read back into the records: the shape of a model's answer,
 * or of a tool's arguments, written once, in Java.
 *
 * <p>Entry point: {@link dev.ovchat.schema.RecordSchema}; {@link dev.ovchat.schema.Description}
 * says what a component means. This is the only package that sees the schema generator.
 *
 * <pre>{@code
 * record City(@Description("The city's name") String name, int population) {}
 *
 * var schema = RecordSchema.of(City.class);
 * schema.json();                                              // {"type":"object","properties":{…}, …}
 * schema.read("{\"name\": \"Paris\", \"population\": 2100000}").population();   // 2100000
 * }</pre>
 */
package dev.ovchat.schema;
