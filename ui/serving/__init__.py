"""What other programs can ask, over HTTP beside the page and over MCP: a question, a search, an article."""
