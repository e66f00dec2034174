// Runs in Gradio's hidden component: lends its doors to the page's own script.
window.dtsBridge = { open: () => trigger("open"), feedback: (payload) => server.feedback(payload) };
