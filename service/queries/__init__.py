"""What is asked: each query reads the record or a read model and answers plain values."""
