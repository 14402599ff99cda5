"""An SVG file that reads well in both of JupyterLab's themes: it lies on a light ground of its own, since a picture in a page
cannot know the page's theme."""
import unicodedata
from xml.sax.saxutils import escape, quoteattr

GROUND, BAND, INK, FAINT = "#f8fafc", "#e8edf3", "#1b2430", "#445063"
# What a box stands for: its ground, its border, and how that is drawn.
KINDS = {
    "step": ("#dcebfb", "#1f5f9e", "1.5"),
    "data": ("#fff3d1", "#8a6100", "1.5"),
    "cache": ("#d9f0df", "#22703c", "1.5"),
    "read": ("#bcdcff", "#0b4c8c", "3"),
    "masked": ("#eceef0", "#5a6470", '1.5" stroke-dasharray="5 4'),
}
FONTS = {"plain": "sans-serif", "code": "monospace"}
LEAST = 15  # of letters: a picture that is 720 wide is shown at half that width on a narrow screen, and still read


def width(text, size, font="plain", bold=False):
    """How wide the text is in DejaVu Sans, which is wider than most fonts, so that others fit, too."""
    def of(letter):
        if unicodedata.east_asian_width(letter) in "WF":
            return 1.0
        if font == "code":
            return 0.61
        if letter in "iIjl.,:;'|!":
            return 0.33
        if letter in "frt-()[] ":
            return 0.42
        return 0.98 if letter in "mwMW" else 0.70 if letter.isupper() else 0.63
    return sum(map(of, text)) * size * (1.1 if bold else 1)


class Drawing:
    """Shapes and words, in the order in which they were drawn. A text that is wider than its room is an error."""

    def __init__(self, high, title, language, wide=720):
        self.parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" '
            f'xml:lang={quoteattr(language)} role="img">',
            f"<title>{escape(title)}</title>",
            '<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
            f'orient="auto-start-reverse"><path d="M0 0 10 5 0 10z" fill="{FAINT}"/></marker></defs>',
            f'<rect width="{wide}" height="{high}" rx="10" fill="{GROUND}"/>']

    def text(self, x, y, words, room, size=16, anchor="middle", font="plain", bold=False, colour=INK):
        """One line, whose letters stand on y."""
        needed = width(words, size, font, bold)
        if needed > room:
            raise ValueError(f'"{words}" needs {needed:.0f} of {room:.0f}: find shorter words, or make more room.')
        if size < LEAST:
            raise ValueError(f'"{words}" has letters of {size}, and {LEAST} is the least that can be read.')
        weight = ' font-weight="bold"' if bold else ""
        self.parts.append(f'<text x="{x:g}" y="{y:g}" font-family="{FONTS[font]}" font-size="{size}"{weight} '
                          f'text-anchor="{anchor}" fill="{colour}">{escape(words)}</text>')

    def lines(self, x, y, words, room, size=16, **style):
        """Several, around y as their middle."""
        top = y + size * 0.36 - (len(words) - 1) * size * 0.62
        for place, line in enumerate(words):
            self.text(x, top + place * size * 1.24, line, room, size, **style)

    def rect(self, x, y, wide, high, kind):
        ground, border, stroke = KINDS[kind]
        self.parts.append(f'<rect x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}" rx="7" '
                          f'fill="{ground}" stroke="{border}" stroke-width="{stroke}"/>')

    def box(self, x, y, wide, high, kind, *words, **style):
        """A box with its words in the middle."""
        self.rect(x, y, wide, high, kind)
        self.lines(x + wide / 2, y + high / 2, words, wide - 6, **style)

    def band(self, x, y, wide, high, words=""):
        """A ground for several boxes, with its name at the top."""
        self.parts.append(f'<rect x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}" rx="9" fill="{BAND}"/>')
        if words:
            self.text(x + 14, y + 24, words, wide - 28, anchor="start", bold=True, colour=FAINT)

    def path(self, d, head=True, dashed=False):
        """An arrow along the path, or a line."""
        head = ' marker-end="url(#head)"' if head else ""
        dash = ' stroke-dasharray="4 4"' if dashed else ""
        self.parts.append(f'<path d="{d}" fill="none" stroke="{FAINT}" stroke-width="2"{dash}{head}/>')

    def circle(self, x, y, words):
        """A small circle with a letter or number in it."""
        self.parts.append(f'<circle cx="{x:g}" cy="{y:g}" r="14" fill="{GROUND}" stroke="{KINDS["step"][1]}" stroke-width="2"/>')
        self.text(x, y + 5.8, words, 26, bold=True)

    def strike(self, x, y, wide, high):
        """What is crossed out."""
        self.parts.append(f'<path d="M{x + 8:g} {y + high - 8:g}L{x + wide - 8:g} {y + 8:g}" stroke="{KINDS["masked"][1]}" stroke-width="2"/>')

    def svg(self):
        return "\n".join([*self.parts, "</svg>", ""])
