using Polyphony.Web.Hosting;

return await Verbs.RunAsync(args);
