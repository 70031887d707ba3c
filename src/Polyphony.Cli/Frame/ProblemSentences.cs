using System.Text;
using Polyphony.Sheets;

namespace Polyphony.Cli.Frame;

/// <summary>The tool's own sentences for problems, in English.</summary>
internal static class ProblemSentences
{
    /// <summary>Where, then what: <c>pool.csv, row 14, column age: “1X” is none of 16–29, 30–44.</c></summary>
    public static string Of(SheetProblem problem)
    {
        StringBuilder text = new(problem.File);
        if (problem.Row is { } row)
        {
            text.Append(text.Length > 0 ? ", row " : "row ").Append(row);
        }

        if (!string.IsNullOrEmpty(problem.Column))
        {
            bool option = problem.Column.StartsWith("--", StringComparison.Ordinal);
            text.Append(text.Length > 0 ? ", " : "").Append(option ? "" : "column ").Append(problem.Column);
        }

        return text.Append(text.Length > 0 ? ": " : "").Append(What(problem)).ToString();
    }

    private static string What(SheetProblem problem) => problem.Code switch
    {
        "option" => $"{problem.Value} See {problem.Expected}.",
        "option-value" => $"“{problem.Value}” is not {problem.Expected}.",
        "manifest-differs" => "Input and options give another manifest than this one. What was frozen must be drawn from.",
        "not-both" => $"Give this or {problem.Expected}, not both.",
        "too-few-bits" => $"These sources hold {problem.Value} bits together; a draw needs {problem.Expected}. Add a beacon’s value or another lottery.",
        "option-needs" => $"This needs {problem.Expected} as well.",
        "stands-already" => $"{problem.Value} is there already. {problem.Expected}",
        "file-missing" => "There is no such file.",
        "file-unreadable" => $"The file cannot be read. {problem.Value}",
        "file-too-large" => $"The file is larger than {problem.Expected}.",
        "file-empty" => "The file is empty. It needs a row of headers and the rows below it.",
        "file-with-macros" => $"Workbooks with macros are not taken. Save it as {problem.Expected}.",
        "file-old-or-encrypted" => $"This is an old or a password-protected Excel file. Save it without password as {problem.Expected}.",
        "file-not-xlsx" => "The file is named like an Excel workbook but is none, or it is damaged. Save it anew as .xlsx or .csv.",
        "file-not-text" => "The file is neither a workbook nor readable text. Save it as CSV (UTF-8) or .xlsx.",
        "file-is-ods" => "OpenDocument spreadsheets are not read. Save it as .xlsx or .csv.",
        "file-unpacks-too-large" => "Unpacked, the workbook is far larger than a list can be. Save it as CSV.",
        "too-many-columns" => $"{problem.Value} columns; at most {problem.Expected} are taken.",
        "too-many-rows" => $"Too many rows; at most {problem.Expected} are taken.",
        "header-twice" => "Two columns have this header. Give each its own.",
        "header-missing" => "This column has values but no header.",
        "cell-beyond-header" => $"“{problem.Value}” stands beyond the last header. Quote values that contain the separator, or remove it.",
        "cell-too-long" => $"At most {problem.Expected} characters.",
        "text-after-quote" => "There is text after a closing quotation mark. Write quotation marks inside a value twice.",
        "quote-not-closed" => "A quotation mark is opened and never closed.",
        "cell-is-formula" => "This cell holds a formula. Paste the values only.",
        "column-missing" => $"There is no column of this name (headers: {problem.Expected}).",
        "header-needs-partner" => $"This column is there without its partner; both are needed: {problem.Expected}.",
        "no-rows" => "There are headers but no rows below them.",
        "empty" => problem.Expected is null ? "This may not be empty." : $"This may not be empty. One of: {problem.Expected}.",
        "not-a-whole-number" => $"“{problem.Value}” is not a whole number such as {problem.Expected}",
        "min-above-max" => $"The minimum {problem.Value} is above the maximum {problem.Expected}.",
        "flex-inside" => $"The bound {problem.Value} must lie outside the quota ({problem.Expected}).",
        "value-twice" => $"“{problem.Value}” stands in row {problem.Expected} already.",
        "too-many-values" => $"{problem.Value} values; at most {problem.Expected} for one criterion.",
        "not-a-share" => $"“{problem.Value}” is not a share of the population such as {problem.Expected}.",
        "not-an-email" => $"“{problem.Value}” is not an e-mail address such as {problem.Expected}.",
        "not-a-language" => $"“{problem.Value}” is not a language such as {problem.Expected}.",
        "id-twice" => $"“{problem.Value}” stands in row {problem.Expected} already; every row needs an id of its own.",
        "not-one-of" => $"“{problem.Value}” is none of {problem.Expected}.",
        "statement-unknown" => $"There is no statement “{problem.Value}”.",
        "ticket-twice" => $"“{problem.Value}” stands in row {problem.Expected} already; everybody has a ticket of their own.",
        "not-hexadecimal" => $"“{problem.Value}” is not {problem.Expected} hexadecimal digits. Where a spreadsheet has made a number of it, take the file as it was downloaded.",
        "id-unknown" => $"Nobody has the id “{problem.Value}”.",
        "number-wrong" => $"“{problem.Value}” is not the number {problem.Expected} or the next one: panels are numbered from 0 and stand in that order.",
        "unknown-site" => $"“{problem.Value}” is no site. One of: {problem.Expected}.",
        "unknown-value" => $"“{problem.Value}” is none of {problem.Expected}.",
        "id-not-in-register" => $"“{problem.Value}” is no id of the register.",
        "not-a-rate" => $"“{problem.Value}” is not a number such as {problem.Expected}.",
        "one-of-both" => $"Give one of these columns, not both: {problem.Expected}.",
        "stratum-missing" => $"There is no row for the stratum {problem.Value}.",
        "more-answers-than-letters" => $"{problem.Value} answers to {problem.Expected} letters.",
        "word-unknown" => $"“{{{problem.Value}}}” stands for nothing. One of: {problem.Expected}.",
        "template-without-link" => "This text has neither {qr} nor {link}: nobody could answer.",
        "template-not-text" => "The file is not text in UTF-8.",
        "link-missing" => "The link is the code alone, because the batch was drawn without --link. Say with --link what stands before the code.",
        "code-unknown" => "This is the code of none of the letters.",
        "code-twice" => "This code stands in another batch already. Name each batch once.",
        "more-than-there-are" => $"{problem.Value} are asked for; there are {problem.Expected}.",
        "place-unknown" => $"“{problem.Value}” is no place of the file of places.",
        "joint-parts" => $"“{problem.Value}” must have two parts joined by one “*”, such as {problem.Expected}.",
        "not-a-number" => $"“{problem.Value}” is not a number such as {problem.Expected}.",
        "number-too-large" => $"“{problem.Value}” is beyond {problem.Expected}.",
        "too-few-columns" => $"{problem.Value} of these columns; at least {problem.Expected} are needed.",
        "number-outside" => $"“{problem.Value}” is not a number from {problem.Expected}.",
        "seated-twice" => $"“{problem.Value}” has a seat in this round already.",
        "too-few-seats" => $"The tables have {problem.Value} seats for {problem.Expected}.",
        "source-earlier" => $"“{problem.Value}” is no later than “{problem.Expected}”, which decided a draw before. Replacements need randomness that comes later.",
        "not-on-the-panel" => $"“{problem.Value}” is not on the panel and cannot stay on it.",
        "status-missing" => $"“{problem.Value}” is on the panel and has no status.",
        "not-in-the-draw" => $"“{problem.Value}” was not in the pool that was drawn from.",
        "pool-lacks-people" => $"{problem.Value} people of the pool that was drawn from are missing. Who can no longer come stands in the statuses as out.",
        "nobody-out" => "Everybody stays: no place is free. For alternates of this panel add --alternates.",
        "record-foreign" => "This record does not say which columns make a household: neither this tool nor a server of this version wrote it.",
        "record-other" => $"This is not the record of the draw before, whose manifest has the hash {problem.Expected}.",
        "pool-too-small" => $"The pool has {problem.Value} people; the panel needs {problem.Expected}.",
        _ => string.Join(' ', new[] { problem.Code, problem.Value, problem.Expected }.Where(part => !string.IsNullOrEmpty(part))),
    };
}
