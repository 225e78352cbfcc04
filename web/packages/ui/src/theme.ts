/** Mantine, told to look like us. Colours come from tokens.css, never from here. */
import { createTheme, defaultVariantColorsResolver } from "@mantine/core";

export const theme = createTheme({
  primaryColor: "teal",
  fontFamily: "var(--font)",
  defaultRadius: "md",
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  // The accent is dark in the light scheme and light in the dark one: so is the text on it.
  variantColorResolver: (input) => {
    const colors = defaultVariantColorsResolver(input);
    return input.variant === "filled" ? { ...colors, color: "var(--ink-on-accent)" } : colors;
  },
  components: {
    Button: { defaultProps: { size: "sm" } },
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray", size: 32 } },
    TextInput: { defaultProps: { size: "sm" } },
    PasswordInput: { defaultProps: { size: "sm" } },
    Textarea: { defaultProps: { size: "sm" } },
    Select: { defaultProps: { size: "sm", allowDeselect: false, checkIconPosition: "right" } },
    Tooltip: { defaultProps: { openDelay: 400, transitionProps: { duration: 120 } } },
    Menu: { defaultProps: { transitionProps: { duration: 120 }, shadow: "md", offset: 4 } },
    Popover: { defaultProps: { transitionProps: { duration: 120 }, shadow: "md", offset: 4 } },
    // Scroll locking injects a <style> element, which our CSP refuses; the page never scrolls.
    Modal: {
      defaultProps: { lockScroll: false, centered: true, transitionProps: { duration: 150 } },
    },
    Drawer: { defaultProps: { lockScroll: false, transitionProps: { duration: 150 } } },
  },
});
