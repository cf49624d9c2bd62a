"""The offline verifier: believes nothing but hashes and signatures, and computes every score again."""
