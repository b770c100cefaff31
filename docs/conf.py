"""How Sphinx builds the documentation: `make docs`."""

from importlib.metadata import version as installed_version

project = "Suffice"
author = "The Suffice developers"
project_copyright = "2026, The Suffice developers"
release = version = installed_version("suffice")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.mathjax", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3

autodoc_typehints = "description"
napoleon_google_docstring = False

html_theme = "pydata_sphinx_theme"
html_theme_options = {"secondary_sidebar_items": ["page-toc"]}
html_show_sourcelink = False
html_title = f"Suffice {release}"
