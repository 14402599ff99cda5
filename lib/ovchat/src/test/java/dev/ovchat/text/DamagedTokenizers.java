package dev.ovchat.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ovchat.DemoModel;
import dev.ovchat.files.UnusableFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Damages the demo model's tokenizer in random ways, and uses each: DIRECTORY COUNT. Prints "damage
 * N" before and "usable" or "refused: MESSAGE" after each one, so that the last line tells what
 * ended the process. The same number is the same damage.
 */
final class DamagedTokenizers {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What a value becomes: of another type, too large, too small, empty. */
  private static final String[] VALUES = {
    "null",
    "true",
    "0",
    "-1",
    "1",
    "99999999999",
    "18446744073709551615",
    "1e308",
    "0.5",
    "''",
    "'x'",
    "'('",
    "'(a+)+$'",
    "'\\u0000'",
    "'▁'",
    "[]",
    "{}",
    "[[]]",
    "[1]",
    "['a', 'b']",
    "[['a', 1.0]]",
  };

  /** Whole parts of other tokenizers, sound and unsound. */
  private static final String[] PARTS = {
    "{'type': 'NFC'}",
    "{'type': 'BertNormalizer', 'clean_text': true, 'handle_chinese_chars': true, 'lowercase': true}",
    "{'type': 'Precompiled', 'precompiled_charsmap': ''}",
    "{'type': 'Precompiled', 'precompiled_charsmap': '/////w=='}",
    "{'type': 'Precompiled', 'precompiled_charsmap': 'ALQCAACEAAAAAACAAQAAgMz8AgC4BQAAhyIAgMzkAgC4PQAA'}",
    "{'precompiled_charsmap': 'AAAA'}",
    "{'precompiled_charsmap': 'AAAAAA=='}",
    "{'type': 'Precompiled', 'precompiled_charsmap': 'BAAAAAEAAABhAA=='}",
    "{'type': 'FixedLength', 'length': 0}",
    "{'type': 'Replace', 'pattern': {'Regex': '('}, 'content': 'a'}",
    "{'type': 'Replace', 'pattern': {'String': ''}, 'content': 'a'}",
    "{'type': 'Strip', 'strip_left': true, 'strip_right': true}",
    "{'type': 'Strip', 'content': ' ', 'start': 999, 'stop': 999}",
    "{'content': 'a', 'start': 0, 'stop': 9}",
    "{'type': 'Prepend', 'prepend': ''}",
    "{'type': 'Sequence', 'normalizers': []}",
    "{'type': 'ByteLevel', 'add_prefix_space': true, 'trim_offsets': true, 'use_regex': true}",
    "{'type': 'ByteFallback'}",
    "{'type': 'Fuse'}",
    "{'type': 'Metaspace', 'replacement': 'ab', 'prepend_scheme': 'always'}",
    "{'type': 'Metaspace', 'replacement': '▁', 'prepend_scheme': 'first', 'split': true}",
    "{'type': 'Split', 'pattern': {'Regex': ''}, 'behavior': 'Removed', 'invert': false}",
    "{'type': 'Split', 'pattern': {'String': ''}, 'behavior': 'MergedWithNext', 'invert': false}",
    "{'type': 'Digits', 'individual_digits': true}",
    "{'type': 'UnicodeScripts'}",
    "{'type': 'TemplateProcessing', 'single': [{'SpecialToken': {'id': 'x', 'type_id': 0}}],"
        + " 'pair': [], 'special_tokens': {}}",
    "{'type': 'TemplateProcessing', 'single': [{'SpecialToken': {'id': 'x', 'type_id': 0}}],"
        + " 'pair': [], 'special_tokens': {'x': {'id': 'x', 'ids': [1, 2], 'tokens': ['x']}}}",
    "{'type': 'TemplateProcessing', 'single': [{'Sequence': {'id': 'B', 'type_id': 0}}],"
        + " 'pair': [], 'special_tokens': {}}",
    "{'type': 'BertProcessing', 'sep': ['</s>', 2], 'cls': ['<s>', 1]}",
    "{'type': 'RobertaProcessing', 'sep': ['</s>', 2], 'cls': ['<s>', 1], 'trim_offsets': true,"
        + " 'add_prefix_space': true}",
    "{'type': 'WordPiece', 'prefix': '##', 'cleanup': true}",
    "{'type': 'BPEDecoder', 'suffix': '</w>'}",
    "{'type': 'CTC', 'pad_token': '<pad>', 'word_delimiter_token': '|', 'cleanup': true}",
    "{'type': 'Unigram', 'unk_id': 99, 'vocab': [['a', -1.0]], 'byte_fallback': false}",
    "{'type': 'Unigram', 'unk_id': 0, 'vocab': [], 'byte_fallback': false}",
    "{'type': 'Unigram', 'unk_id': null, 'vocab': [['a', -1.0]], 'byte_fallback': true}",
    "{'type': 'WordPiece', 'unk_token': 'none', 'continuing_subword_prefix': '##',"
        + " 'max_input_chars_per_word': 100, 'vocab': {'a': 0}}",
    "{'type': 'WordLevel', 'unk_token': 'none', 'vocab': {'a': 0}}",
    "{'type': 'BPE', 'vocab': {'a': 0, 'b': 1}, 'merges': ['a b']}",
    "{'type': 'BPE', 'vocab': {'a': 0, 'b': 1, 'ab': 1}, 'merges': [['a', 'b']], 'dropout': 2.0}",
    "{'type': 'BPE', 'vocab': {'a': 0, 'b': 1, 'ab': 1}, 'merges': [['a', 'b']],"
        + " 'continuing_subword_prefix': 'long prefix', 'end_of_word_suffix': 'x'}",
  };

  private final Random random;

  private DamagedTokenizers(long number) {
    random = new Random(number);
  }

  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    String sound = Files.readString(DemoModel.DIRECTORY.resolve("tokenizer.json"));
    for (int number = 0; number < Integer.parseInt(arguments[1]); number++) {
      System.out.println("damage " + number);
      String damaged = new DamagedTokenizers(number).damage(sound);
      Files.writeString(directory.resolve("tokenizer.json"), damaged);
      try {
        use(directory);
        System.out.println("usable");
      } catch (UnusableFileException | TokenizerException e) {
        System.out.println("refused: " + e.getMessage().lines().findFirst().orElse(""));
      }
    }
  }

  private static void use(Path directory) {
    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      TokenIds ids = tokenizer.encode("<|user|>\nHello wörld 日本 🙂  aaaaaaaaaaaaaaaaaaaa<|end|>");
      tokenizer.encode("");
      tokenizer.decode(ids, DecodeOptions.defaults());
      tokenizer.decode(TokenIds.of(0, 1, 5, 200, 300), DecodeOptions.defaults());
    }
  }

  private String damage(String sound) throws JsonProcessingException {
    return switch (random.nextInt(20)) {
      case 0 -> sound.substring(0, random.nextInt(sound.length()));
      case 1 -> withOtherCharacters(sound);
      default -> withOtherNodes(sound);
    };
  }

  private String withOtherCharacters(String sound) {
    StringBuilder text = new StringBuilder(sound);
    for (int i = 0; i <= random.nextInt(5); i++) {
      text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(128));
    }
    return text.toString();
  }

  private String withOtherNodes(String sound) throws JsonProcessingException {
    JsonNode root = MAPPER.readTree(sound);
    for (int i = 0; i <= random.nextInt(3); i++) {
      List<JsonNode> parents = new ArrayList<>();
      collectParents(root, parents);
      replaceChild(parents.get(random.nextInt(parents.size())));
    }
    if (random.nextInt(3) == 0) {
      String part = pick("normalizer", "pre_tokenizer", "post_processor", "decoder", "model");
      ((ObjectNode) root).set(part, parse(pick(PARTS)));
    }
    return MAPPER.writeValueAsString(root);
  }

  private static void collectParents(JsonNode node, List<JsonNode> parents) {
    if (!node.isEmpty()) {
      parents.add(node);
      if (node.size() < 100) { // else the thousand merges would take nearly all damages
        node.forEach(child -> collectParents(child, parents));
      }
    }
  }

  /** Takes one child of a node away, or puts something else in its place. */
  private void replaceChild(JsonNode parent) throws JsonProcessingException {
    int place = random.nextInt(parent.size());
    boolean remove = random.nextInt(4) == 0;
    JsonNode other = parse(random.nextBoolean() ? pick(VALUES) : pick(PARTS));
    if (parent instanceof ArrayNode array) {
      var unused = remove ? array.remove(place) : array.set(place, other);
    } else {
      List<String> names = new ArrayList<>();
      parent.fieldNames().forEachRemaining(names::add);
      ObjectNode object = (ObjectNode) parent;
      var unused = remove ? object.remove(names.get(place)) : object.set(names.get(place), other);
    }
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** JSON with single quotes. */
  private static JsonNode parse(String json) throws JsonProcessingException {
    return MAPPER.readTree(json.replace('\'', '"'));
  }
}
