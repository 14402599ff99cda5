// The contrast of text with what lies behind it, as WCAG 2 computes it, for all text in the elements that `selector` names.
// Gives [ratio, text, colour, background] of each, the lowest first.
(selector) => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d", { willReadFrequently: true });

  function channels(css) { // whatever notation the browser computed
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = css;
    pen.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
    return { rgb: [red, green, blue], alpha: alpha / 255 };
  }

  function over(top, bottom) {
    return top.rgb.map((value, i) => value * top.alpha + bottom[i] * (1 - top.alpha));
  }

  function behind(element) {
    if (!element) return [255, 255, 255];
    const own = channels(getComputedStyle(element).backgroundColor);
    return own.alpha === 1 ? own.rgb : over(own, behind(element.parentElement));
  }

  // A chart's text lies on what was drawn before it in the same place.
  function behindInDrawing(element) {
    const page = behind(element.ownerSVGElement.parentElement);
    const text = element.getBoundingClientRect();
    const [x, y] = [text.x + text.width / 2, text.y + text.height / 2];
    return [...element.ownerSVGElement.querySelectorAll("path, rect")].filter((shape) => {
      const box = shape.getBoundingClientRect();
      return element.compareDocumentPosition(shape) & Node.DOCUMENT_POSITION_PRECEDING
        && box.left <= x && x <= box.right && box.top <= y && y <= box.bottom;
    }).map((shape) => getComputedStyle(shape)).filter((style) => style.fill !== "none").reduce((below, style) => {
      const { rgb, alpha } = channels(style.fill);
      return over({ rgb, alpha: alpha * style.fillOpacity * style.opacity }, below);
    }, page);
  }

  function luminance(rgb) {
    const [red, green, blue] = rgb.map((value) => value / 255).map(
      (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  function contrast(element) {
    const background = element.ownerSVGElement ? behindInDrawing(element) : behind(element);
    const style = getComputedStyle(element);
    const text = over(channels(style.fill && element.ownerSVGElement ? style.fill : style.color), background);
    const [light, dark] = [luminance(text), luminance(background)].sort((one, other) => other - one);
    return [(light + 0.05) / (dark + 0.05), element.textContent.trim().slice(0, 40), text.map(Math.round), background.map(Math.round)];
  }

  const own = (element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  return [...document.querySelectorAll(selector)]
    .flatMap((element) => [element, ...element.querySelectorAll("*")])
    .filter((element) => own(element) && element.checkVisibility())
    .map(contrast)
    .sort((one, other) => one[0] - other[0]);
}
