/** Results of ovchat as tablesaw tables, ready to be shown, sorted and saved. */
package dev.ovchat.table;
