package dev.ovchat.springai;

import dev.ovchat.tool.ToolChoice;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.model.tool.DefaultToolCallingChatOptions;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;

/**
 * Options of a request: Spring AI's own, and those of ovchat's generation that it has no name for.
 * What is not set is the model's.
 *
 * <pre>{@code
 * OvchatChatOptions.builder().temperature(0.7).maxTokens(256).seed(7L).build()
 * }</pre>
 */
public final class OvchatChatOptions extends DefaultToolCallingChatOptions
    implements StructuredOutputChatOptions {
  private final @Nullable Long seed;
  private final @Nullable Double minP;
  private final @Nullable Double repetitionPenalty;
  private final @Nullable String outputSchema;
  private final @Nullable ToolChoice toolChoice;

  /**
   * @param common what Spring AI has a name for
   */
  private OvchatChatOptions(ToolCallingChatOptions common, Builder builder) {
    super(
        common.getToolCallbacks(),
        common.getToolContext(),
        common.getModel(),
        common.getFrequencyPenalty(),
        common.getMaxTokens(),
        common.getPresencePenalty(),
        common.getStopSequences(),
        common.getTemperature(),
        common.getTopK(),
        common.getTopP());
    seed = builder.seed;
    minP = builder.minP;
    repetitionPenalty = builder.repetitionPenalty;
    outputSchema = builder.outputSchema;
    toolChoice = builder.toolChoice;
  }

  /** A builder in which nothing is set. */
  public static Builder builder() {
    return new Builder();
  }

  /** The random seed: the same seed gives the same answer. */
  public @Nullable Long getSeed() {
    return seed;
  }

  /** The minimum probability of a token, as a share of the most probable one's: from 0 to 1. */
  public @Nullable Double getMinP() {
    return minP;
  }

  /**
   * The number that makes tokens rarer which were there before: above 1; below it they come more.
   */
  public @Nullable Double getRepetitionPenalty() {
    return repetitionPenalty;
  }

  /** The JSON schema that the answer follows; tools may be called before. */
  @Override
  public @Nullable String getOutputSchema() {
    return outputSchema;
  }

  /** The choice whether tools are called; the model decides where this is not set. */
  public @Nullable ToolChoice getToolChoice() {
    return toolChoice;
  }

  @Override
  public Builder mutate() {
    Builder builder =
        builder()
            .toolCallbacks(getToolCallbacks())
            .toolContext(getToolContext())
            .model(getModel())
            .frequencyPenalty(getFrequencyPenalty())
            .maxTokens(getMaxTokens())
            .presencePenalty(getPresencePenalty())
            .stopSequences(getStopSequences())
            .temperature(getTemperature())
            .topK(getTopK())
            .topP(getTopP());
    return builder
        .seed(seed)
        .minP(minP)
        .repetitionPenalty(repetitionPenalty)
        .outputSchema(outputSchema)
        .toolChoice(toolChoice);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return super.equals(other)
        && other instanceof OvchatChatOptions that
        && Objects.equals(seed, that.seed)
        && Objects.equals(minP, that.minP)
        && Objects.equals(repetitionPenalty, that.repetitionPenalty)
        && Objects.equals(outputSchema, that.outputSchema)
        && toolChoice == that.toolChoice;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), seed, minP, repetitionPenalty, outputSchema, toolChoice);
  }

  /** Builder of options. */
  public static final class Builder extends DefaultToolCallingChatOptions.Builder<Builder>
      implements StructuredOutputChatOptions.Builder<Builder> {
    private @Nullable Long seed;
    private @Nullable Double minP;
    private @Nullable Double repetitionPenalty;
    private @Nullable String outputSchema;
    private @Nullable ToolChoice toolChoice;

    private Builder() {}

    /** Sets {@link OvchatChatOptions#getSeed()}. */
    public Builder seed(@Nullable Long seed) {
      this.seed = seed;
      return this;
    }

    /** Sets {@link OvchatChatOptions#getMinP()}. */
    public Builder minP(@Nullable Double minP) {
      this.minP = minP;
      return this;
    }

    /** Sets {@link OvchatChatOptions#getRepetitionPenalty()}. */
    public Builder repetitionPenalty(@Nullable Double repetitionPenalty) {
      this.repetitionPenalty = repetitionPenalty;
      return this;
    }

    /** Sets {@link OvchatChatOptions#getOutputSchema()}. */
    @Override
    public Builder outputSchema(@Nullable String outputSchema) {
      this.outputSchema = outputSchema;
      return this;
    }

    /** Sets {@link OvchatChatOptions#getToolChoice()}. */
    public Builder toolChoice(@Nullable ToolChoice toolChoice) {
      this.toolChoice = toolChoice;
      return this;
    }

    /** Takes over what another builder sets. */
    @Override
    public Builder combineWith(ChatOptions.Builder<?> other) {
      super.combineWith(other);
      if (other instanceof Builder that) {
        seed = that.seed == null ? seed : that.seed;
        minP = that.minP == null ? minP : that.minP;
        repetitionPenalty =
            that.repetitionPenalty == null ? repetitionPenalty : that.repetitionPenalty;
        toolChoice = that.toolChoice == null ? toolChoice : that.toolChoice;
      }
      if (other.build() instanceof StructuredOutputChatOptions that) {
        outputSchema = that.getOutputSchema() == null ? outputSchema : that.getOutputSchema();
      }
      return this;
    }

    @Override
    public OvchatChatOptions build() {
      return new OvchatChatOptions(super.build(), this);
    }
  }
}
