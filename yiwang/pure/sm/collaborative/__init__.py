"""Split SM2 keys (mobile certificate): the phone holds d1, the server d2, and neither can sign or decrypt alone.

(1+d)⁻¹ = d1·d2 mod n and P = [(d1·d2)⁻¹ − 1]G. What comes out is an ordinary SM2 signature under an ordinary certificate.
Each rule here answers an attack that tests/sm/test_collaborative_attacks.py carries out.
"""
