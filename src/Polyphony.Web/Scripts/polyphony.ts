// Every element here only adds comfort: the page works without it.
import "./refresh.js";
import "./filter.js";
import "./choose.js";
import "./copy.js";
import "./once.js";
import "./scan.js";
import "./verify.js";
import "./planner.js";
