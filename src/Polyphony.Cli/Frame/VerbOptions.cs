using System.CommandLine;
using System.Globalization;

namespace Polyphony.Cli.Frame;

/// <summary>Options that say what they take when they are given something else.</summary>
internal static class VerbOptions
{
    /// <summary>Some text: a path, a column, a list of columns.</summary>
    public static Option<string> Text(string name, string takes, string description, bool required = false) =>
        new(name) { Description = description, HelpName = takes, Required = required };

    /// <summary>Texts, each with the option's name before it.</summary>
    public static Option<string[]> Texts(string name, string takes, string description) => new(name) { Description = description, HelpName = takes };

    /// <summary>A whole number within bounds.</summary>
    public static Option<int?> Whole(string name, string takes, string description, int least, int most, bool required = false) => new(name)
    {
        Description = description,
        HelpName = takes,
        Required = required,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most)
            {
                return number;
            }

            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name}: “{text}” is not a whole number from {least} to {most}."));
            return null;
        },
    };

    /// <summary>One word out of some.</summary>
    public static Option<string> OneOf(string name, string description, params string[] words)
    {
        Option<string> option = new(name) { Description = description, HelpName = string.Join('|', words) };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } word && !words.Contains(word, StringComparer.OrdinalIgnoreCase))
            {
                result.AddError($"{name}: “{word}” is none of {string.Join(", ", words)}.");
            }
        });
        return option;
    }

    /// <summary>The columns of a list such as <c>street,postcode</c>.</summary>
    public static IReadOnlyList<string> Columns(string? list) => list is null ? [] : list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
