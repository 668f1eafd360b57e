def find_sites_path():
    return None
