package dev.ovchat.graph;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes a graph as the XML file of OpenVINO's IR, version 11. */
public final class GraphFile {
  private final Graph graph;
  private final Layout layout;
  private final XMLStreamWriter xml;
  private final Map<Op, Integer> ids = new HashMap<>();

  private GraphFile(Graph graph, Layout layout, XMLStreamWriter xml) {
    this.graph = graph;
    this.layout = layout;
    this.xml = xml;
    graph.ops().forEach(op -> ids.put(op, ids.size()));
  }

  /**
   * Writes the file.
   *
   * @param facts the model's {@code rt_info}: groups such as {@code runtime_options}, each with
   *     names and values
   */
  public static void write(
      Path path, Graph graph, Layout layout, Map<String, Map<String, String>> facts)
      throws IOException {
    // The XML writer writes a name, a quotation mark or a value at a time.
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path))) {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out, "UTF-8");
      new GraphFile(graph, layout, xml).write(facts);
      xml.close();
    } catch (XMLStreamException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e);
    }
  }

  private void write(Map<String, Map<String, String>> facts) throws XMLStreamException {
    xml.writeStartDocument("UTF-8", "1.0");
    line(0);
    start("net", "name", "Model0", "version", "11");
    line(1);
    start("layers");
    for (Op op : graph.ops()) {
      layer(op);
    }
    line(1);
    xml.writeEndElement();
    line(1);
    start("edges");
    for (Op op : graph.ops()) {
      edges(op);
    }
    line(1);
    xml.writeEndElement();
    facts(facts);
    line(0);
    xml.writeEndElement();
    xml.writeEndDocument();
  }

  private void layer(Op op) throws XMLStreamException {
    line(2);
    start("layer", "id", id(op), "name", op.name(), "type", op.type(), "version", op.opset());
    if (op.type().equals("Result")) {
      xml.writeAttribute("output_names", graph.tensorNames().get(op.inputs().get(0)));
    }
    data(op);
    if (op.isDecompression()) {
      line(3);
      start("rt_info");
      empty("attribute", "name", "decompression", "version", "0");
      xml.writeEndElement();
    }
    ports("input", op.inputs(), 0);
    ports("output", op.outputs(), op.inputs().size());
    line(2);
    xml.writeEndElement();
  }

  private void data(Op op) throws XMLStreamException {
    if (op instanceof Constant constant) {
      Port port = constant.port();
      line(3);
      empty(
          "data",
          "element_type",
          port.type().attribute(),
          "shape",
          port.shape().attribute(", "),
          "offset",
          Long.toString(layout.offset(constant)),
          "size",
          Long.toString(constant.byteCount()));
    } else if (!op.attributes().isEmpty()) {
      line(3);
      xml.writeEmptyElement("data");
      for (Map.Entry<String, String> attribute : op.attributes().entrySet()) {
        xml.writeAttribute(attribute.getKey(), attribute.getValue());
      }
    }
  }

  /** Writes ports. Ids of outputs continue those of the inputs; outputs have a type. */
  private void ports(String kind, List<Port> ports, int first) throws XMLStreamException {
    if (ports.isEmpty()) {
      return;
    }
    line(3);
    start(kind);
    for (int i = 0; i < ports.size(); i++) {
      Port port = ports.get(i);
      line(4);
      start("port", "id", Integer.toString(first + i), "precision", port.type().precision());
      if (kind.equals("output") && graph.tensorNames().containsKey(port)) {
        xml.writeAttribute("names", graph.tensorNames().get(port));
      }
      for (long dim : port.shape().dims()) {
        start("dim");
        xml.writeCharacters(Long.toString(dim));
        xml.writeEndElement();
      }
      xml.writeEndElement();
    }
    line(3);
    xml.writeEndElement();
  }

  private void edges(Op op) throws XMLStreamException {
    for (int i = 0; i < op.inputs().size(); i++) {
      Port from = op.inputs().get(i);
      int fromPort = from.op().inputs().size() + from.index();
      line(2);
      empty(
          "edge",
          "from-layer",
          id(from.op()),
          "from-port",
          Integer.toString(fromPort),
          "to-layer",
          id(op),
          "to-port",
          Integer.toString(i));
    }
  }

  private void facts(Map<String, Map<String, String>> facts) throws XMLStreamException {
    line(1);
    start("rt_info");
    for (Map.Entry<String, Map<String, String>> group : facts.entrySet()) {
      line(2);
      start(group.getKey());
      for (Map.Entry<String, String> fact : group.getValue().entrySet()) {
        line(3);
        empty(fact.getKey(), "value", fact.getValue());
      }
      line(2);
      xml.writeEndElement();
    }
    line(1);
    xml.writeEndElement();
  }

  private String id(Op op) {
    return Integer.toString(ids.get(op));
  }

  private void line(int indent) throws XMLStreamException {
    xml.writeCharacters("\n" + "\t".repeat(indent));
  }

  private void start(String name, String... attributes) throws XMLStreamException {
    xml.writeStartElement(name);
    attributes(attributes);
  }

  private void empty(String name, String... attributes) throws XMLStreamException {
    xml.writeEmptyElement(name);
    attributes(attributes);
  }

  private void attributes(String... namesAndValues) throws XMLStreamException {
    for (int i = 0; i < namesAndValues.length; i += 2) {
      xml.writeAttribute(namesAndValues[i], namesAndValues[i + 1]);
    }
  }
}
