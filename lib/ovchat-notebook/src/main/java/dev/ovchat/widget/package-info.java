/**
 * Widgets of ipywidgets for notebooks in Java: sliders, fields, buttons and boxes that the page
 * draws and that call back into Java. The page's half is ipywidgets' own (the Python package {@code
 * jupyterlab_widgets}); names, and what is sent, are those of ipywidgets 8 and its protocol 2.1.
 * Nothing in this package is of ovchat but its name.
 *
 * <p>A widget is shown where it is a cell's value. A front end without widgets shows it as text.
 * What the page sends arrives between two cells: a kernel runs one after the other. Listeners run
 * on a thread of their own, and of values that follow one another quickly they may see the last one
 * alone.
 *
 * <pre>{@code
 * var temperature = FloatSlider.of(0, 2, 0.1, 0.7).description("temperature");
 * var text = new Label("");
 * temperature.onChange(value -> text.value("now " + value));
 * VBox.of(temperature, text)
 * }</pre>
 */
package dev.ovchat.widget;
