package dev.ovchat.springai.sample;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;

/** A web application that asks a model: {@code ovchat.model-dir} is all that it has to be told. */
@SpringBootApplication
@RestController
public class SampleApplication {
  private final ChatClient chat;

  SampleApplication(ChatClient.Builder chat) {
    this.chat = chat.defaultSystem("You are a helpful AI assistant.").build();
  }

  /** Answers a question. */
  @GetMapping("/ask")
  String ask(@RequestParam("question") String question) {
    return chat.prompt(question).call().content();
  }

  /** Answers a question piece by piece. */
  @GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  Flux<String> stream(@RequestParam("question") String question) {
    return chat.prompt(question).stream().content();
  }

  public static void main(String[] arguments) {
    SpringApplication.run(SampleApplication.class, arguments);
  }
}
