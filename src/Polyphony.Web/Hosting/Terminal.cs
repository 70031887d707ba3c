using Polyphony.Web.Texts;

namespace Polyphony.Web.Hosting;

/// <summary>Where the verbs speak to whoever runs the server: plain sentences, in English, beside the log and not through it.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error)
{
    private readonly PageTexts texts = new TextCatalogue().In(TextCatalogue.Fallback);

    public static Terminal OfThisProcess() => new(Console.Out, Console.Error);

    /// <summary>Says a sentence.</summary>
    public void Say(string key, params ReadOnlySpan<(string Name, object? Value)> values) => output.WriteLine(texts[key, values]);

    /// <summary>Says on the error stream why something was not done.</summary>
    /// <returns>The exit code 1.</returns>
    public int Refuse(string key, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        error.WriteLine(texts[key, values]);
        return 1;
    }

    /// <summary>Names everything at once that keeps the server from starting.</summary>
    /// <returns>The exit code 1.</returns>
    public int Refuse(IReadOnlyList<StartProblem> problems)
    {
        error.WriteLine(texts["hosting.start.refused", ("n", problems.Count)]);
        foreach (StartProblem problem in problems)
        {
            error.WriteLine("  - " + texts["hosting.problem." + problem.Code, ("option", problem.Option), ("value", problem.Value)]);
        }

        return 1;
    }

    public string Word(string key, params ReadOnlySpan<(string Name, object? Value)> values) => texts[key, values];

    /// <summary>Writes what is no sentence, such as a link, indented under the sentence before.</summary>
    public void Show(string text) => output.WriteLine("  " + text);
}
