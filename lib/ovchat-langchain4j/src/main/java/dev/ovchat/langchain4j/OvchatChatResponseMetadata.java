package dev.ovchat.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.ovchat.generate.Metrics;
import java.util.Objects;

/** LangChain4j's metadata of a response, with the times and the cache of its generation. */
public final class OvchatChatResponseMetadata extends ChatResponseMetadata {
  private final Metrics metrics;

  private OvchatChatResponseMetadata(Builder builder) {
    super(builder);
    metrics = builder.metrics;
  }

  /** A builder, for tests of programs that read these metadata. */
  public static Builder builder() {
    return new Builder();
  }

  /** Times, token counts and memory of the generation. */
  public Metrics metrics() {
    return metrics;
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other)
        && other instanceof OvchatChatResponseMetadata that
        && Objects.equals(metrics, that.metrics);
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), metrics);
  }

  @Override
  public String toString() {
    return super.toString() + " with " + metrics;
  }

  /** Builder of metadata. */
  public static final class Builder extends ChatResponseMetadata.Builder<Builder> {
    private Metrics metrics;

    private Builder() {}

    /** Sets {@link OvchatChatResponseMetadata#metrics()}. */
    public Builder metrics(Metrics metrics) {
      this.metrics = metrics;
      return this;
    }

    @Override
    public OvchatChatResponseMetadata build() {
      return new OvchatChatResponseMetadata(this);
    }
  }
}
