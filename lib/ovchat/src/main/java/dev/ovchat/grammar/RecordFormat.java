package dev.ovchat.grammar;

import dev.ovchat.schema.RecordSchema;

/**
 * JSON that a record can be read from.
 *
 * <pre>{@code
 * record Answer(String city, int inhabitants) {}
 *
 * RecordFormat<Answer> format = ResponseFormat.of(Answer.class);
 * Generation generation = model.generate(prompt, config.responseFormat(format));
 * Answer answer = format.read(model.tokenizer().decode(generation.ids(), DecodeOptions.READABLE));
 * }</pre>
 *
 * @param <T> the record
 */
public final class RecordFormat<T extends Record> extends ResponseFormat {
  private final RecordSchema<T> schema;

  RecordFormat(RecordSchema<T> schema) {
    super(Kind.JSON_SCHEMA, schema.json());
    this.schema = schema;
  }

  /** The record's schema. */
  public RecordSchema<T> schema() {
    return schema;
  }

  /**
   * Reads an answer into the record.
   *
   * @throws dev.ovchat.schema.SchemaException if the answer is not complete, or the record's
   *     constructor refuses it
   */
  public T read(String answer) {
    return schema.read(answer);
  }
}
