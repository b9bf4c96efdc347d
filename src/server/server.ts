// The language server's process: the client that started it tells by the command line how it wants to talk.
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node.js';
import { serve } from './serve.ts';

serve(createConnection(ProposedFeatures.all));
