"""Parts of a case that several screens show: its time left, its history, its steps, the delivery of acts."""
