"""What the pipeline and chaos tests share: the stack under test, an HTTP client, and a model
written apart from the product's code."""
