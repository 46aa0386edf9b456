from printouts.codes import LENGTH, LETTERS, new_code, read_code


def test_codes_hold_sixty_bits_without_look_alikes() -> None:
    assert len(LETTERS) ** LENGTH >= 2**60
    assert set("ILOU").isdisjoint(LETTERS)
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(set(code) <= set(LETTERS) and len(code) == LENGTH for code in codes)


def test_a_code_is_read_as_people_type_it() -> None:
    assert read_code(" k7qm-2xfd 9rta ") == "K7QM2XFD9RTA"
    assert read_code("o0il-uuuu") == "0011VVVV"
