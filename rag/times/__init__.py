"""Words for times: in a question they become days of publication, in a sentence they are told from the day of its article."""
