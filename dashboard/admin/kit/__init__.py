"""Building blocks of any screen: the gate, the list, its rows, questions and what is selected."""
