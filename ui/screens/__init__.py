"""One module per page; each shows one question and its answer."""
