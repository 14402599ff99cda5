/**
 * Jinja templates, rendered by MiniJinja in a WebAssembly module, so that a template reaches
 * nothing but the values it is given, and cannot take more time or memory than allowed. {@link
 * dev.ovchat.template.TemplateValues} says which values these may be.
 *
 * <p>The module's source is {@code lib/chat-template}.
 *
 * <pre>{@code
 * TemplateSandbox.render(
 *     "{\"template\": \"Hi {{ name }}\", \"variables\": {\"name\": \"Ada\"}, \"now\": {}}");   // Hi Ada
 * }</pre>
 */
package dev.ovchat.template;
