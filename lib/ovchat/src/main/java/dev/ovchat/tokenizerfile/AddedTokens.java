package dev.ovchat.tokenizerfile;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tokens added to a vocabulary, by the rules of the tokenizers library: which ids they get, and
 * what a token that is added again changes.
 *
 * <ul>
 *   <li>A token that the vocabulary has keeps its id; another one gets the next id after the
 *       vocabulary and all added before. The id that a file gives does not count.
 *   <li>Added again, a token has the last one's flags. Once special, it stays so.
 * </ul>
 */
final class AddedTokens {
  private final Map<String, Integer> learned;
  private final int learnedCount;
  private final Map<String, Integer> ids = new HashMap<>();
  private final Map<Integer, AddedToken> tokens = new LinkedHashMap<>();

  /** Tokens that were added and changed something, in their order. */
  private final List<AddedToken> history = new ArrayList<>();

  private int largest = -1;

  /**
   * @param learned the ids of those that the vocabulary has; may hold others, too
   * @param learnedCount the number of tokens that the vocabulary has
   */
  AddedTokens(Map<String, Integer> learned, int learnedCount) {
    this.learned = learned;
    this.learnedCount = learnedCount;
  }

  /** Adds tokens as one call of the library does. */
  void add(List<AddedToken> added) {
    for (AddedToken token : added) {
      if (token.content().isEmpty() || token.equals(tokens.get(ids.get(token.content())))) {
        continue;
      }
      int id = ids.computeIfAbsent(token.content(), this::idOfNew);
      largest = Math.max(largest, id);
      tokens.put(id, token);
      history.add(token);
    }
  }

  private int idOfNew(String content) {
    Integer id = learned.get(content);
    return id != null ? id : Math.max(largest + 1, learnedCount);
  }

  boolean contains(String content) {
    return ids.containsKey(content);
  }

  /** The ids and their present tokens. */
  Map<Integer, AddedToken> byId() {
    return tokens;
  }

  /** A list that makes the library's the same when it is added in one call. */
  ArrayNode json() {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    Set<String> literal = new HashSet<>();
    for (AddedToken token : history) {
      // What was looked for as it is goes on to be, whatever it becomes later.
      if (!token.normalized()) {
        literal.add(token.content());
      }
      AddedToken found = token.withNormalized(!literal.contains(token.content()));
      list.add(found.json(ids.get(token.content())));
    }
    return list;
  }
}
