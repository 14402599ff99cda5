/** Files of this process's own. */
package dev.ovchat.files;
