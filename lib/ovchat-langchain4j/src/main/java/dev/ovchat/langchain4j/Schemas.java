package dev.ovchat.langchain4j;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.internal.JsonSchemaElementUtils;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.ovchat.grammar.ResponseFormat;
import dev.ovchat.tool.Tool;
import dev.ovchat.tool.ToolChoice;
import dev.ovchat.tool.Tools;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** LangChain4j's tools and response formats as ovchat has them. */
final class Schemas {
  private static final String PROPERTIES = "properties";
  private static final String ADDITIONAL_PROPERTIES = "additionalProperties";

  private Schemas() {}

  /**
   * The tools that a request offers.
   *
   * @throws dev.ovchat.tool.ToolException if a name is not one that models can write, or there
   *     twice
   */
  static Tools tools(ChatRequestParameters parameters) {
    Tools tools = Tools.of(parameters.toolSpecifications().stream().map(Schemas::tool).toList());
    return parameters.toolChoice() == null
        ? tools
        : tools.choice(ToolChoice.valueOf(parameters.toolChoice().name()));
  }

  private static Tool tool(ToolSpecification tool) {
    Map<String, Object> schema = new LinkedHashMap<>(Map.of("type", "object"));
    if (tool.parameters() == null) {
      schema.put(PROPERTIES, Map.of());
    } else {
      schema.putAll(map(tool.parameters()));
    }
    schema.putIfAbsent(ADDITIONAL_PROPERTIES, false);
    String description = tool.description() == null ? "" : tool.description();
    return Tool.of(tool.name(), description, schema);
  }

  /** The response format that a request asks for; empty for text. */
  static Optional<ResponseFormat> responseFormat(ChatRequestParameters parameters) {
    var format = parameters.responseFormat();
    if (format == null || format.type() != ResponseFormatType.JSON) {
      return Optional.empty();
    }
    JsonSchema schema = format.jsonSchema();
    if (schema == null) {
      return Optional.of(ResponseFormat.json());
    }
    return Optional.of(
        schema.rootElement() instanceof JsonRawSchema raw
            ? ResponseFormat.jsonSchema(raw.schema())
            : ResponseFormat.jsonSchema(map(schema.rootElement())));
  }

  @SuppressWarnings("unchecked") // a schema's objects have texts as keys
  private static Map<String, Object> map(JsonSchemaElement element) {
    return (Map<String, Object>) closed(JsonSchemaElementUtils.toMap(element));
  }

  /**
   * A schema in which an object that lists its properties has no others, unless it says so: what
   * nobody reads is not generated.
   */
  private static Object closed(Object schema) {
    if (schema instanceof List<?> list) {
      return list.stream().map(Schemas::closed).toList();
    }
    if (!(schema instanceof Map<?, ?> map)) {
      return schema;
    }
    Map<Object, Object> copy = new LinkedHashMap<>();
    map.forEach((key, value) -> copy.put(key, closed(value)));
    if ("object".equals(map.get("type"))
        && map.get(PROPERTIES) instanceof Map<?, ?> properties
        && !properties.isEmpty()) {
      copy.putIfAbsent(ADDITIONAL_PROPERTIES, false);
    }
    return copy;
  }
}
