using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Polyphony.Dialogues;
using Polyphony.Web.Audiences;
using Polyphony.Web.Mandates;
using Polyphony.Web.Texts;

namespace Polyphony.Web.Shared;

/// <summary>What people wrote, in the first of the reader's languages in which it is written. Where that is not the language around it, the element says so:
/// it is then read out with the right voice, hyphenated by the right rules and set from the right side.</summary>
public sealed class Said : ComponentBase
{
    [Inject] private PageTexts Page { get; set; } = default!;
    [Inject] private DialogueScope Scope { get; set; } = default!;

    [Parameter, EditorRequired] public LocalizedText Text { get; set; } = LocalizedText.Empty;

    /// <summary>The element that holds the words.</summary>
    [Parameter] public string As { get; set; } = "span";

    /// <summary>A number before the words.</summary>
    [Parameter] public int? Number { get; set; }

    /// <summary>The language of a part of a page, where it is not the page's.</summary>
    [Parameter] public PageTexts? Words { get; set; }

    /// <summary>The first language of the dialogue that is spoken of, where the page is about none or several.</summary>
    [Parameter] public string? Fallback { get; set; }

    [Parameter(CaptureUnmatchedValues = true)] public IReadOnlyDictionary<string, object>? More { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        PageTexts around = Words ?? Page;
        string language = Text.LanguageIn(around.Reading, Fallback ?? (Scope.HasDialogue ? Scope.Dialogue.FallbackLanguage : TextCatalogue.Fallback));
        bool isForeign = language.Length > 0 && (language != around.Tag || DialogueLanguages.IsRightToLeft(language) != around.IsRightToLeft);
        builder.OpenElement(0, As);
        builder.AddMultipleAttributes(1, More!);
        builder.AddAttribute(2, "lang", isForeign ? language : null);
        builder.AddAttribute(3, "dir", !isForeign ? "auto" : DialogueLanguages.IsRightToLeft(language) ? "rtl" : "ltr");
        builder.AddContent(4, Number is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number}. ") : null);
        builder.AddContent(5, Text.Exactly(language));
        builder.CloseElement();
    }
}

internal static class SaidInSentences
{
    /// <summary>A sentence of the server's with words in it that people wrote, each marked with its language: <c>T.Marked("dialogue.asks", ("who", dialogue.Commissioner))</c>.</summary>
    /// <param name="values">The values; a <see cref="LocalizedText"/>, or several of them, is <see cref="Said"/>.</param>
    public static RenderFragment Marked(this PageTexts texts, string key, params (string Name, object? Value)[] values) => builder =>
    {
        // A character that no text holds stands for each value until the sentence is put together in the order of its language.
        List<LocalizedText[]> said = [];
        string sentence = texts[key, [.. values.Select(value => (value.Name, value.Value switch
        {
            LocalizedText one => Hold([one]),
            IReadOnlyList<LocalizedText> several => Hold([.. several]),
            _ => value.Value,
        }))]];
        foreach (string part in Split(sentence))
        {
            if (part is [>= First, ..] && part[0] - First < said.Count)
            {
                foreach ((int index, LocalizedText text) in said[part[0] - First].Index())
                {
                    builder.AddContent(0, index > 0 ? " / " : null);
                    builder.OpenComponent<Said>(1);
                    builder.AddComponentParameter(2, nameof(Said.Text), text);
                    builder.AddComponentParameter(3, nameof(Said.Words), texts);
                    builder.CloseComponent();
                }
            }
            else
            {
                builder.AddContent(4, part);
            }
        }

        string Hold(LocalizedText[] held)
        {
            said.Add(held);
            return ((char)(First + said.Count - 1)).ToString();
        }
    };

    private const char First = '\uf8a0';

    private static IEnumerable<string> Split(string sentence)
    {
        int from = 0;
        foreach ((int at, char c) in sentence.Index().Where(pair => pair.Item is >= First and <= '\uf8ff'))
        {
            yield return sentence[from..at];
            yield return c.ToString();
            from = at + 1;
        }

        yield return sentence[from..];
    }
}
