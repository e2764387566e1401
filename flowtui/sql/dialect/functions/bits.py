"""Bits. Source: https://trino.io/docs/current/functions/bitwise.html"""

TABLE = r"""
bit_count(bigint, bigint) -> bigint                  | macro      | bits_counted({0}, {1}, {at}) |
bitwise_and(bigint, bigint) -> bigint                | expression | {0} & {1} |
bitwise_left_shift(I, bigint) -> =1                  | rewrite    | shift_left |
bitwise_not(bigint) -> bigint                        | expression | ~({0}) |
bitwise_or(bigint, bigint) -> bigint                 | expression | {0} \| {1} |
bitwise_right_shift(I, bigint) -> =1                 | rewrite    | shift_right | fills with zeros
bitwise_right_shift_arithmetic(I, bigint) -> =1      | rewrite    | shift_right_signed | keeps the sign
bitwise_xor(bigint, bigint) -> bigint                | renamed    | xor |
"""
