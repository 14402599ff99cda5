/**
 * The machine: how much memory this process has and may still take, what its processor can do, and
 * threads that the kernel interrupts.
 *
 * <pre>{@code
 * SystemMemory.here().free()            // bytes; empty where the system does not say
 * Processor.here().instructionSets()   // [AVX2, AVX-512, AVX-512 VNNI]
 * }</pre>
 */
package dev.ovchat.system;
