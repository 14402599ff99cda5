/**
 * WebAssembly modules that the build has turned into classes. What runs in one reaches its own
 * memory and nothing else, and can be bounded in time; how much memory it may take is written in
 * the module.
 *
 * <p>This is the only package that sees the WebAssembly runtime. The modules' sources are {@code
 * lib/chat-template} and {@code lib/grammar}.
 *
 * <pre>{@code
 * Sandbox sandbox = Sandbox.ofTemplates();
 * int address = sandbox.put(request);
 * int answer = sandbox.call("render", address, request.length);
 * }</pre>
 */
package dev.ovchat.sandbox;
