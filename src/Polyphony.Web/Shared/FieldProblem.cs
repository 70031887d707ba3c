namespace Polyphony.Web.Shared;

/// <summary>What is wrong with one field of a form: a stable code, worded by <c>Texts/</c> under <c>problem.CODE</c>.</summary>
/// <param name="Field">The field's name in the form.</param>
/// <param name="Code">Stable code.</param>
/// <param name="Values">Named values for the sentence.</param>
public sealed record FieldProblem(string Field, string Code, params (string Name, object? Value)[] Values);

/// <summary>The rules that several forms share; each adds a problem or nothing.</summary>
public sealed class FieldProblems
{
    private readonly List<FieldProblem> problems = [];

    public IReadOnlyList<FieldProblem> All => problems;

    public bool Any => problems.Count > 0;

    public void Add(string field, string code, params (string Name, object? Value)[] values) => problems.Add(new(field, code, values));

    public FieldProblems Required(string field, string? text, int maxLength = 500)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            Add(field, "required");
        }

        return NoLonger(field, text, maxLength);
    }

    public FieldProblems NoLonger(string field, string? text, int maxLength)
    {
        if (text is not null && text.EnumerateRunes().Count() > maxLength)
        {
            Add(field, "too-long", ("max", maxLength));
        }

        return this;
    }

    public FieldProblems Email(string field, string? text)
    {
        if (!string.IsNullOrWhiteSpace(text) && !IsEmail(text))
        {
            Add(field, "not-an-email");
        }

        return this;
    }

    /// <summary>Whether a text has the form of one plain address without display name, comments or control characters.</summary>
    public static bool IsEmail(string text)
    {
        string trimmed = text.Trim();
        int at = trimmed.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at == trimmed.LastIndexOf('@') && at < trimmed.Length - 3 && trimmed.Length <= 254
            && trimmed.IndexOf('.', at) > at + 1 && trimmed[^1] != '.'
            && !trimmed.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is ',' or ';' or '<' or '>' or '"' or '(' or ')');
    }
}
