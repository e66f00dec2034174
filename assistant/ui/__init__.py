"""What people see: texts, templates, styles and the Gradio pages made of them."""
