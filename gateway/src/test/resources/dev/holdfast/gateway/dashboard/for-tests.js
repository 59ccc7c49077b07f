// nothing: shows how files are served
