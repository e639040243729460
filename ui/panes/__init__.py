"""The page's panes: for each, the Gradio components it is made of, and which function answers which event."""
