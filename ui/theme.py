"""The colours, type and sizes of the page, as a Gradio theme. Fonts are those of the reader's machine: nothing is fetched.

What a theme cannot say (the three panes, cards, the article) is in `assets/*.css`, which take their colours from here.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradio.themes import Base

_SANS = ("-apple-system", "Segoe UI", "Noto Sans", "Liberation Sans", "system-ui", "sans-serif")
_MONO = ("ui-monospace", "Cascadia Mono", "Liberation Mono", "monospace")

_INK_BLUE = ("#eef3f7", "#dbe6ee", "#b9cedd", "#8fb0c8", "#6592b2", "#417698", "#2b5f80", "#214c68", "#1b3d54", "#152f41", "#0e2130")
_NEWSPRINT = ("#faf8f4", "#f3f0e9", "#e6e1d6", "#d0c9ba", "#a39b8b", "#787163", "#5d574b", "#474239", "#2c2924", "#1e1c19", "#151412")


def newsprint() -> "Base":
    """The page's theme, light and dark."""
    from gradio.themes import Color, Default, sizes

    accent, neutral = Color(*_INK_BLUE, name="ink-blue"), Color(*_NEWSPRINT, name="newsprint")
    theme = Default(primary_hue=accent, secondary_hue=accent, neutral_hue=neutral, font=_SANS, font_mono=_MONO, radius_size=sizes.radius_sm)
    return theme.set(
        body_background_fill="*neutral_50",
        body_background_fill_dark="*neutral_950",
        body_text_color="#23211d",
        body_text_color_dark="#ebe7de",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="#b3ac9d",
        background_fill_primary="#fffefb",
        background_fill_primary_dark="*neutral_900",
        background_fill_secondary="*neutral_100",
        background_fill_secondary_dark="*neutral_800",
        border_color_primary="*neutral_200",
        border_color_primary_dark="#3a362f",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        block_border_width_dark="0px",
        block_shadow="none",
        block_shadow_dark="none",
        block_padding="0px",
        block_label_background_fill="transparent",
        input_background_fill="#fffefb",
        input_background_fill_dark="*neutral_900",
        input_border_color="*neutral_300",
        input_border_color_dark="*neutral_600",
        input_border_color_focus="*primary_600",
        input_border_color_focus_dark="*primary_400",
        input_shadow="none",
        input_shadow_focus="none",
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_300",
        button_primary_background_fill_hover_dark="*primary_200",
        button_primary_text_color="#ffffff",
        button_primary_text_color_dark="*primary_950",
        button_secondary_background_fill="*neutral_100",
        button_secondary_background_fill_dark="*neutral_800",
        color_accent_soft="*neutral_100",
        color_accent_soft_dark="*neutral_800",
    )
