"""Pages that need no Gradio: the fiches, readable without JavaScript, and the files they use."""
