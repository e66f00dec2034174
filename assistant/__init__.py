"""Understanding questions, composing and verifying answers, and the doors to them."""
