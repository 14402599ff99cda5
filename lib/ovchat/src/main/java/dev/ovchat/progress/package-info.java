/** How far long work has come: the one value that all stages tell it by. */
package dev.ovchat.progress;
