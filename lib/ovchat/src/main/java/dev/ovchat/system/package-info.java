/**
 * The machine: how much memory this process has and may still take, and threads that the kernel
 * interrupts.
 *
 * <pre>{@code
 * SystemMemory.here().free()   // bytes; empty where the system does not say
 * }</pre>
 */
package dev.ovchat.system;
