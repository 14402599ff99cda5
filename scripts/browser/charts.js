// What is to be seen of one chart: its texts and marks, with places in pixels and colours.
(chart) => {
  const luminance = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map((value) => value / 255).map(
      (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const channels = (css) => css.match(/[\d.]+/g).map(Number);
  const contrast = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const over = (css, ground) => {
    const [red, green, blue, alpha = 1] = channels(css);
    return [red, green, blue].map((value, i) => value * alpha + ground[i] * (1 - alpha));
  };
  const behind = (element) => {
    if (!element) return [255, 255, 255];
    const css = getComputedStyle(element).backgroundColor;
    const [, , , alpha = 1] = channels(css);
    return alpha === 1 ? channels(css).slice(0, 3) : over(css, behind(element.parentElement));
  };
  const place = (element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return { left, top, right, bottom };
  };
  const page = behind(chart);
  const marks = [...chart.querySelectorAll(".mark-rect.role-mark path, .mark-symbol.role-mark path, .mark-line.role-mark path")]
    .map((path) => {
      const style = getComputedStyle(path);
      const colour = style.fill !== "none" ? style.fill : style.stroke;
      return { ...place(path), colour, contrast: contrast(over(colour, page), page), kind: path.closest("g[class*='mark-']").classList[0],
        role: path.getAttribute("aria-roledescription") };
    });
  const middle = ({ left, right, top, bottom }) => [(left + right) / 2, (top + bottom) / 2];
  const texts = [...chart.querySelectorAll("text")].filter((text) => text.textContent.trim() && getComputedStyle(text).opacity !== "0").map((text) => {
    const [x, y] = middle(place(text));
    const under = marks.filter((mark) => mark.kind === "mark-rect" && mark.left <= x && x <= mark.right && mark.top <= y && y <= mark.bottom).at(-1);
    const ground = under ? over(under.colour, page) : page;
    return { ...place(text), text: text.textContent, contrast: contrast(over(getComputedStyle(text).fill, ground), ground) };
  });
  return { texts, marks, picture: place(chart.querySelector("svg")), room: place(chart.closest(".jp-OutputArea-output")) };
}
