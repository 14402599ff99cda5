/**
 * Text of others in what people read: messages, lines of progress, what a record says of itself.
 */
package dev.ovchat.message;
