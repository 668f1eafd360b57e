def validate_argument_types(func, apply_condition=lambda: True):
    return func
